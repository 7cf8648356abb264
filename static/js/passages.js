/* Passages of the text and the rows that hold them: a selected passage becomes a quotation or a
 * naming, takes the place of words that left the text, and the way leads back to where it stands.
 * Everything can be done by hand without it. */
'use strict';
{
  const $ = django.jQuery;
  const ROWS = {
    quote: {prefixes: ['demands_made', 'quotations'], words: '[name$="-words"]', choose: 'select[name$="-demand"], select[name$="-made"]'},
    name: {prefixes: ['namings'], words: 'input[name$="-spelling"]', choose: 'select[name$="-person"]'},
  };
  const KEYS = {D: 'quote', P: 'name'};
  const AREA = '.cke_wysiwyg_div';
  const status = document.createElement('p');
  const back = document.createElement('button');
  let labels = {};
  // What was last selected in the text, until something else is.
  let selected = null;

  const tidy = (words) => words.normalize('NFC').replace(/\s+/g, ' ').trim();
  const group = (prefixes) => prefixes
    .map((prefix) => document.getElementById(`${prefix}-group`)).find((found) => found);
  const isNew = (row) => ![...row.querySelectorAll('input[name$="-id"]')].some((id) => id.value);

  const say = (words) => {
    status.textContent = words;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { status.textContent = ''; }, 6000);
  };

  /* The last new row that still waits for its words, else a new one. */
  const freshRow = (rows, spec) => {
    const live = [...rows.querySelectorAll('.form-row, .inline-related')].filter(
      (row) => !row.matches('.empty-form, .tabular') && row.querySelector(spec.words));
    const last = live[live.length - 1];
    if (last && isNew(last) && !last.querySelector(spec.words).value) { return last; }
    rows.querySelector('.add-row a').click();
    return rows.querySelector('.empty-form').previousElementSibling;
  };

  const choosePart = (place, part) => {
    const field = place.querySelector('select[name$="-field"]');
    if (field && field.querySelector(`option[value="${part}"]`)) { field.value = part; }
  };

  /* Back to the end of a passage, in an editor's area or in a plain field. */
  const wayBack = (part) => {
    const input = document.getElementById(`id_${part}`);
    const editor = window.CKEDITOR && CKEDITOR.instances[input.id];
    if (!editor) {
      const end = input.selectionEnd;
      return () => {
        input.focus();
        input.setSelectionRange(end, end);
      };
    }
    const range = document.getSelection().getRangeAt(0).cloneRange();
    range.collapse(false);
    return () => {
      editor.focus();
      const selection = document.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      range.startContainer.parentElement.scrollIntoView({block: 'center'});
    };
  };

  const makeRow = ({act, words, part}) => {
    const spec = ROWS[act];
    const rows = group(spec.prefixes);
    const exact = tidy(words || '');
    if (!rows || !exact) {
      say(labels.nothing);
      return;
    }
    back.onclick = wayBack(part);
    const row = freshRow(rows, spec);
    row.querySelector(spec.words).value = exact;
    choosePart(row, part);
    const voice = row.querySelector('select[name$="-voice"]');
    if (voice) { voice.value = part === 'introduction' ? 'editors' : 'organisation'; }
    row.scrollIntoView({block: 'center'});
    const choose = row.querySelector(spec.choose);
    choose.closest('td, .row-field').append(back);
    // The autocomplete of a new row is made by a listener that may run after this one.
    setTimeout(() => {
      if (choose.classList.contains('admin-autocomplete')) {
        $(choose).select2(choose.value ? 'focus' : 'open');
      } else {
        choose.focus();
      }
    });
  };

  const ofInput = (input) => ({
    words: input.value.slice(input.selectionStart, input.selectionEnd),
    part: input.dataset.part,
  });

  const addButton = (place, label, act) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', act);
    place.append(button);
    return button;
  };

  /* The same two buttons for titles, and for text areas where there is no editor. */
  const addTools = (input) => {
    const tools = document.createElement('span');
    tools.className = 'passage-tools';
    const acts = input.dataset.part === 'surtitle' ? ['name'] : ['quote', 'name'];
    acts.forEach((act) => addButton(tools, labels[act], () => makeRow({act, ...ofInput(input)})));
    input.after(tools);
  };

  /* Words that are not in the text give way to those that are selected there. */
  const addTaking = (words) => {
    const place = words.closest('.quotation');
    const button = addButton(place.querySelector('.row-words'), labels.take, () => {
      const exact = selected && tidy(selected.words);
      if (!exact) {
        say(labels.nothing);
        return;
      }
      words.value = exact;
      choosePart(place, selected.part);
      words.focus();
    });
    // The passage stays marked in the text.
    button.addEventListener('mousedown', (event) => event.preventDefault());
  };

  document.addEventListener('passage', (event) => makeRow(event.detail));
  document.addEventListener('say', (event) => say(event.detail));
  // Only areas: in a line, the keyboard selects everything by arriving there.
  document.addEventListener('select', (event) => {
    if (event.target.matches('textarea[data-part]')) { selected = ofInput(event.target); }
  });
  document.addEventListener('selectionchange', () => {
    const selection = document.getSelection();
    const node = selection.anchorNode;
    const area = node && (node.closest ? node : node.parentElement).closest(AREA);
    const editor = area && Object.values(CKEDITOR.instances).find(
      (one) => one.editable() && one.editable().$ === area);
    const part = editor && editor.element.getAttribute('data-part');
    // The keyboard's way to a row leads through the other parts: only its own forgets a passage.
    if (part && (!selection.isCollapsed || (selected && selected.part === part))) {
      selected = {words: selection.toString(), part};
    }
  });

  /* The keys that quote and name: in an editor they are its own, in a row they lead back. */
  document.addEventListener('keydown', (event) => {
    const act = KEYS[event.code.slice(3)] || KEYS[event.key.toUpperCase()];
    if (!act || !event.altKey || !event.shiftKey || event.target.closest('.cke')) { return; }
    if (event.target.matches('[data-part]')) {
      event.preventDefault();
      makeRow({act, ...ofInput(event.target)});
    } else if (back.onclick) {
      event.preventDefault();
      $('.select2-hidden-accessible').select2('close');
      back.click();
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    const script = document.getElementById('passage-labels');
    if (!script) { return; }
    labels = JSON.parse(script.textContent);
    status.id = 'passage-status';
    status.setAttribute('role', 'status');
    document.body.append(status);
    back.type = 'button';
    back.className = 'passage-back';
    back.textContent = labels.back;
    document.querySelectorAll('[data-part]:not([data-type="ckeditortype"])').forEach(addTools);
    document.querySelectorAll(
      '.quotation.is-broken [name$="-words"], .quotation [name$="-words"][aria-invalid="true"]'
    ).forEach(addTaking);
  });
}
