/* Comfort for those who have it: every page works without this file. */
(() => {
  'use strict';
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // After a form came back: the summary of faults is where reading goes on.
  const faults = document.querySelector('[data-focus]');
  if (faults) faults.focus();

  // A second tap on the button sends nothing; coming back with the browser's button makes it live again.
  all('form[data-once]').forEach((form) => {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = '1';
      all('button', form).forEach((button) => button.setAttribute('aria-disabled', 'true'));
    });
  });
  window.addEventListener('pageshow', () => all('form[data-once]').forEach((form) => {
    delete form.dataset.sent;
    all('button', form).forEach((button) => button.removeAttribute('aria-disabled'));
  }));

  // The era beside a Western date while it is typed. The server says the same after sending.
  const eras = [[20190501, '令和', 2018], [19890108, '平成', 1988], [19261225, '昭和', 1925]];
  const digits = (text) => text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const eraOf = (year, month, day) => {
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return '';
    const era = eras.find((row) => year * 10000 + month * 100 + day >= row[0]);
    if (!era) return '';
    const count = year - era[2];
    const weekday = '日月火水木金土'[date.getUTCDay()];
    return `${era[1]}${count === 1 ? '元' : count}年${month}月${day}日（${weekday}）`;
  };
  all('[data-date]').forEach((group) => {
    const out = group.parentElement.querySelector('[data-era]');
    const inputs = all('input', group);
    const show = () => {
      const parts = inputs.map((input) => digits(input.value));
      const whole = parts[0].length === 4 && parts.every((part) => /^\d{1,4}$/.test(part));
      out.textContent = whole ? eraOf(...parts.map(Number)) : '';
    };
    inputs.forEach((input) => input.addEventListener('input', show));
  });

  // Passwords can be looked at.
  all('input[type=password]').forEach((input) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-quiet';
    button.textContent = '表示する';
    button.setAttribute('aria-controls', input.id);
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      button.setAttribute('aria-pressed', String(shown));
      button.textContent = shown ? '隠す' : '表示する';
    });
    if (input.form) input.form.addEventListener('submit', () => { input.type = 'password'; });
    input.after(button);
  });

  // How many characters are left, said only when few are.
  all('textarea[data-length]').forEach((area) => {
    const limit = Number(area.dataset.length);
    const line = document.createElement('p');
    line.className = 'hint';
    line.setAttribute('aria-live', 'polite');
    area.after(line);
    const show = () => {
      const left = limit - Array.from(area.value).length;
      line.textContent = left < 0 ? `${-left}文字多いです` : left <= Math.max(20, limit / 10) ? `あと${left}文字` : '';
    };
    area.addEventListener('input', show);
    show();
  });

  // <p data-print> becomes a print button.
  all('[data-print]').forEach((place) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-secondary';
    button.textContent = '印刷する';
    button.addEventListener('click', () => window.print());
    place.append(button);
  });

  // Lists of work: j and k go down and up, Enter opens. Not while typing.
  const rows = all('[data-keys] a[data-row]');
  if (rows.length > 0) {
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      if (step === 0) return;
      const at = rows.indexOf(document.activeElement);
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
      next.focus();
      event.preventDefault();
    });
  }
})();
