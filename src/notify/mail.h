/* A message as bytes on the wire (RFC 5322, 2045, 2047): UTF-8 text/plain in base64, so that no relay needs 8BITMIME
 * and no line is too long. The only writer of mail headers; refuses whatever could add one. */
#ifndef SANGO_NOTIFY_MAIL_H
#define SANGO_NOTIFY_MAIL_H

#include "notify/channel.h"

/* False: an address, the id, a name, the subject or the body has CR, LF or control characters where they do not
 * belong, is not UTF-8, or is too long (address 254, id 200, name 200, subject 500 bytes, body 256 KiB). */
NODISCARD bool mail_build(struct arena *arena, const struct message *message, struct text *ret_bytes);
/* The address as it stands in SMTP commands and headers, without brackets; a local part that is no dot-atom is quoted
 * (RFC 5321, 4.1.2). False: not an address. */
NODISCARD bool mail_address(struct arena *arena, struct text address, struct text *ret_wire);

#endif
