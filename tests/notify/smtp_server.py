#!/usr/bin/python3
"""smtp_server.py MODE FOLDER: a real SMTP server (python3-aiosmtpd) that behaves badly on purpose.

Prints its port on 127.0.0.1 and serves until its standard input ends. Every message it took responsibility for, or
might have, is stored as FOLDER/N.txt: the envelope and what Python's own parser reads out of the message.

MODE: accept | busy:N (451 for the first N) | unknown (550) | spam (554 after the message) | closed (554 as greeting)
| sender (550 to MAIL) | mute (no greeting) | mute-data (no answer to the message) | drop:N (takes N messages and
hangs up without an answer) | twice (answers the message twice) | slow (every answer takes a while)
| mute-quit (no answer to QUIT) | login (user sango, password s3cret) | tls (offers STARTTLS, certificate in FOLDER)"""
import asyncio
import email
import email.policy
import logging
import os
import pathlib
import ssl
import subprocess
import sys
import threading
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

FOREVER = 3600


class Behaviour:
    def __init__(self, mode, folder):
        self.mode, _, count = mode.partition(":")
        self.left = int(count or 0)
        self.folder = folder
        self.stored = 0

    def store(self, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        headers = "".join(f"{name}: {message[name]}\n" for name in (
            "From", "To", "Message-ID", "Subject", "Date", "Auto-Submitted", "Content-Type"))
        self.stored += 1
        (self.folder / f"{self.stored}.txt").write_text(
            f"MAIL: {envelope.mail_from}\nRCPT: {','.join(envelope.rcpt_tos)}\n{headers}"
            f"Defects: {len(message.defects)}\n\n{message.get_content()}", encoding="utf-8")

    def counted(self):
        self.left -= 1
        return self.left >= 0

    async def pause(self):
        if self.mode == "slow":
            await asyncio.sleep(0.05)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await self.pause()
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.pause()
        if self.mode == "sender":
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.pause()
        if self.mode == "busy" and self.counted():
            return "451 4.7.1 greylisted"
        if self.mode == "unknown":
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.pause()
        if self.mode == "spam":
            return "554 5.7.1 not wanted"
        self.store(envelope)
        if self.mode == "mute-data":
            await asyncio.sleep(FOREVER)
        if self.mode == "drop" and self.counted():
            server.transport.abort()
            return "250 never seen"
        return "250 OK\r\n250 OK again" if self.mode == "twice" else "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        if self.mode == "mute-quit":
            await asyncio.sleep(FOREVER)
        return "221 Bye"


def login(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"sango", b"s3cret")
    return AuthResult(success=right, handled=right)  # not handled: the server itself answers 535


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=sango-test",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def greet(reader, writer, greeting):
    writer.write(greeting)
    await reader.read()
    writer.close()


async def main(mode, folder):
    loop = asyncio.get_running_loop()
    behaviour = Behaviour(mode, folder)
    if mode in ("mute", "closed"):
        greeting = b"" if mode == "mute" else b"554 5.3.2 closed today\r\n"
        server = await asyncio.start_server(lambda r, w: greet(r, w, greeting), "127.0.0.1", 0)
    else:
        options = {"hostname": "relay.test", "loop": loop}
        if mode == "tls":
            options["tls_context"] = certificate(folder)
        if mode == "login":
            options.update(authenticator=login, auth_required=True, auth_require_tls=False)
        server = await loop.create_server(lambda: SMTP(behaviour, **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(FOREVER)


def leave_with_caller():
    """The end of standard input is the end of everything, whatever connections still hang."""
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=leave_with_caller, daemon=True).start()
    logging.disable()
    warnings.simplefilter("ignore")  # of a log-in without TLS, which is the point of that mode
    asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2])))
