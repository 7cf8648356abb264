/* What is typed into a form of the admin stays in this browser until it is saved.
 *
 * Once a second the form's fields, as they would be posted, are written to the browser's storage
 * under the account, the record and a number of this opening of the page. The message that says
 * "saved" bears that number, and takes them away. Whatever else becomes of the page, they are
 * offered when the form is opened again: taking them over posts them once more, with the edition
 * that they started from, and the server answers with the form or with both sides compared.
 * Nothing leaves the browser before that. Signing out removes everything, and so do fourteen days.
 */
'use strict';
{
  const PREFIX = 'kept-words ';
  const SIGNED_OUT = 'kept-words-signed-out';
  const LONGEST = 14 * 24 * 3600 * 1000;
  const EVERY = 1000;
  const OURS = ['csrfmiddlewaretoken', 'kept_as'];
  const STARTED_FROM = ['edition', 'working_revision'];
  const language = document.documentElement.lang.replace(/^en$/, 'en-GB');
  const MOMENT = new Intl.DateTimeFormat(language, {dateStyle: 'long', timeStyle: 'short'});
  const opened = Date.now();
  const script = document.currentScript;

  const read = (key) => {
    try {
      const {at, fields} = JSON.parse(localStorage.getItem(key));
      return {at: Number(at), fields: [...fields]};
    } catch {
      return {at: 0, fields: []};
    }
  };

  const entries = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map(
    (key) => {
      const [user, record, id] = key.slice(PREFIX.length).split(' ');
      return {key, user, record, id, ...read(key)};
    });

  const drop = (found) => found.forEach(({key}) => localStorage.removeItem(key));

  /* On every page: what is too old, and what was saved. */
  const tidy = () => {
    drop(entries().filter(({at}) => !(Math.abs(opened - at) < LONGEST)));
    const saved = [...document.querySelectorAll('.messagelist li')].flatMap(
      (message) => [...message.classList]);
    drop(entries().filter(({id}) => saved.includes(`kept-${id}`)));
  };

  /* Signing out removes everything; pages that are open elsewhere write nothing from then on. */
  const forgetOnSigningOut = () => {
    document.querySelectorAll('form[action$="/logout/"], form[action$="/sign-out/"]').forEach(
      (form) => form.addEventListener('submit', (event) => {
        if (entries().length && !window.confirm(script.dataset.signOut)) {
          event.preventDefault();
          return;
        }
        localStorage.setItem(SIGNED_OUT, String(Date.now()));
        drop(entries());
      }));
  };

  const keepForm = (section) => {
    const form = section.closest('form');
    const {user, record, unsaved} = section.dataset;
    const id = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const key = `${PREFIX}${user} ${record} ${id}`;

    const isTyped = ([name, value]) =>
      typeof value === 'string' && !OURS.includes(name) && !name.includes('__prefix__');
    const posted = () => [...new FormData(form)].filter(isTyped);
    const asOpened = posted();
    const first = new Map(asOpened);
    const editorOf = (name) =>
      window.CKEDITOR && CKEDITOR.instances[`id_${name}`];

    /* An editor that nobody has touched words its text anew: only what was typed counts. */
    const typed = () => posted().map(([name, value]) => {
      const editor = editorOf(name);
      if (!editor) { return [name, value]; }
      const isDirty = editor.status === 'ready' && editor.checkDirty();
      return [name, isDirty ? editor.getData() : first.get(name)];
    });
    const words = (fields) =>
      JSON.stringify(fields.filter(([name]) => !STARTED_FROM.includes(name)));
    const startedFrom = (fields) =>
      JSON.stringify(fields.filter(([name]) => STARTED_FROM.includes(name)));

    const list = section.querySelector('ul');
    const full = section.querySelector('.kept-full');
    const show = () => { section.hidden = full.hidden && !list.querySelector('li'); };

    // What came back from the server unsaved is to be kept although nobody has typed since.
    let last = unsaved === undefined ? JSON.stringify(asOpened) : '';
    const untouched = last;
    const keep = () => {
      const fields = typed();
      const now = JSON.stringify(fields);
      if (now === last || Number(localStorage.getItem(SIGNED_OUT)) > opened) { return; }
      try {
        if (now === untouched) {
          localStorage.removeItem(key);
        } else {
          localStorage.setItem(key, JSON.stringify({at: Date.now(), fields}));
        }
        last = now;
        full.hidden = true;
      } catch {
        full.hidden = false;
      }
      show();
    };

    const take = (entry) => {
      const post = document.createElement('form');
      post.method = 'post';
      post.enctype = 'multipart/form-data';
      const token = form.elements.csrfmiddlewaretoken.value;
      const rest = [['csrfmiddlewaretoken', token], ['kept_as', entry.id], ['_kept', '1']];
      for (const [name, value] of [...entry.fields, ...rest]) {
        const input = document.createElement('input');
        Object.assign(input, {type: 'hidden', name, value});
        post.append(input);
      }
      post.hidden = true;
      document.body.append(post);
      post.submit();
    };

    const offer = (entry) => {
      const item = section.querySelector('template').content.cloneNode(true).firstElementChild;
      const moment = new Date(entry.at);
      const time = item.querySelector('time');
      time.dateTime = moment.toISOString();
      time.textContent = MOMENT.format(moment);
      const [, title] = entry.fields.find(([name]) => name === 'title') || [];
      item.querySelector('.kept-title').textContent = title || '';
      item.querySelector('.kept-since').hidden = startedFrom(entry.fields) === startedFrom(asOpened);
      item.querySelector('[data-act="take"]').addEventListener('click', () => take(entry));
      item.querySelector('[data-act="drop"]').addEventListener('click', () => {
        drop([entry]);
        item.remove();
        show();
        if (section.hidden) { document.getElementById('content-start').focus(); }
      });
      list.append(item);
      show();
    };

    const mark = document.createElement('input');
    Object.assign(mark, {type: 'hidden', name: 'kept_as', value: id});
    form.append(mark);
    keep();
    const others = entries().filter(
      (entry) => entry.user === user && entry.record === record && entry.id !== id);
    // These words stand in this page, and are kept under its own number by now.
    const here = others.filter((entry) =>
      words(entry.fields) === words(asOpened) || (entry.id === unsaved && localStorage.getItem(key)));
    drop(here);
    others.filter((entry) => !here.includes(entry))
      .sort((one, other) => other.at - one.at).forEach(offer);

    setInterval(keep, EVERY);
    form.addEventListener('submit', keep, true);
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', keep);
  };

  const start = () => {
    tidy();
    forgetOnSigningOut();
    const section = document.getElementById('kept-words');
    if (section) { keepForm(section); }
  };

  try {
    start();
  } catch (error) {
    // A browser that is told to store nothing: the form works, and keeps nothing.
    if (!(error instanceof DOMException)) { throw error; }
  }
}
