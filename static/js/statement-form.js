/* What the forms of statements and texts do by themselves: rows from passages, suggested places,
 * and the direction of the text's language. Everything can be done by hand without it. */
'use strict';
{
  const $ = django.jQuery;
  const ROWS = {
    quote: {prefixes: ['demands_made', 'quotations'], words: '[name$="-words"]', choose: 'select[name$="-demand"], select[name$="-made"]'},
    name: {prefixes: ['namings'], words: 'input[name$="-spelling"]', choose: 'select[name$="-person"]'},
  };
  const tidy = (words) => words.normalize('NFC').replace(/\s+/g, ' ').trim();
  const group = (prefixes) => prefixes
    .map((prefix) => document.getElementById(`${prefix}-group`)).find((found) => found);
  const isNew = (row) => ![...row.querySelectorAll('input[name$="-id"]')].some((id) => id.value);

  /* The last new row that still waits for its words, else a new one. */
  const freshRow = (rows, spec) => {
    const live = [...rows.querySelectorAll('.form-row, .inline-related')].filter(
      (row) => !row.matches('.empty-form, .tabular') && row.querySelector(spec.words));
    const last = live[live.length - 1];
    if (last && isNew(last) && !last.querySelector(spec.words).value) { return last; }
    rows.querySelector('.add-row a').click();
    return rows.querySelector('.empty-form').previousElementSibling;
  };

  const say = (words) => {
    let status = document.getElementById('passage-status');
    if (!status) {
      status = document.createElement('p');
      status.id = 'passage-status';
      status.setAttribute('role', 'status');
      document.body.append(status);
    }
    status.textContent = words;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { status.textContent = ''; }, 6000);
  };

  const makeRow = ({act, words, part, nothing}) => {
    const spec = ROWS[act];
    const rows = group(spec.prefixes);
    const exact = tidy(words || '');
    if (!rows || !exact) {
      say(nothing);
      return;
    }
    const row = freshRow(rows, spec);
    row.querySelector(spec.words).value = exact;
    const field = row.querySelector('select[name$="-field"]');
    if (field && field.querySelector(`option[value="${part}"]`)) { field.value = part; }
    const voice = row.querySelector('select[name$="-voice"]');
    if (voice) { voice.value = part === 'introduction' ? 'editors' : 'organisation'; }
    row.scrollIntoView({block: 'center'});
    const choose = row.querySelector(spec.choose);
    // The autocomplete of a new row is made by a listener that may run after this one.
    setTimeout(() => {
      if (choose.classList.contains('admin-autocomplete')) {
        $(choose).select2(choose.value ? 'focus' : 'open');
      } else {
        choose.focus();
      }
    });
  };
  document.addEventListener('passage', (event) => makeRow(event.detail));
  document.addEventListener('say', (event) => say(event.detail));

  /* From the list of what to correct to the field, where an editor or a look-up stands for it. */
  const goTo = (event) => {
    const link = event.target.closest('.to-mend a');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) { return; }
    event.preventDefault();
    const editor = window.CKEDITOR && CKEDITOR.instances[field.id];
    const place = field.closest('.form-row, .inline-related, td') || field;
    place.scrollIntoView({block: 'center'});
    if (editor) {
      editor.focus();
    } else if (field.classList.contains('select2-hidden-accessible')) {
      $(field).select2('focus');
    } else {
      field.focus();
    }
  };
  document.addEventListener('click', goTo);

  /* The same two buttons for titles, and for text areas where there is no editor. */
  const addTools = (input, labels) => {
    const tools = document.createElement('span');
    tools.className = 'passage-tools';
    const acts = input.dataset.part === 'surtitle' ? ['name'] : ['quote', 'name'];
    acts.forEach((act) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = labels[act];
      button.addEventListener('click', () => makeRow({
        act,
        words: input.value.slice(input.selectionStart, input.selectionEnd),
        part: input.dataset.part,
        nothing: labels.nothing,
      }));
      tools.append(button);
    });
    input.after(tools);
  };

  /* The parts of the text follow its language. */
  const speak = (input) => {
    const tag = input.value.trim();
    const isRtl = /-(arab|hebr|syrc|thaa|nkoo|adlm)/i.test(tag) ||
      (!/-[a-z]{4}(-|$)/i.test(tag) &&
        input.dataset.rightToLeft.split(' ').includes(tag.split('-')[0].toLowerCase()));
    const set = (element) => {
      element.setAttribute('lang', tag);
      element.setAttribute('dir', isRtl ? 'rtl' : 'ltr');
    };
    document.querySelectorAll('[data-part]').forEach(set);
    const editors = window.CKEDITOR ? Object.values(CKEDITOR.instances) : [];
    editors.filter((editor) => editor.element.hasAttribute('data-part') && editor.editable())
      .forEach((editor) => set(editor.editable().$));
  };

  /* Places of the chosen events, one button each for those that are not chosen yet. */
  const suggestPlaces = async(events, places, box) => {
    const ids = [...events.selectedOptions].map((option) => `event=${option.value}`);
    box.textContent = '';
    if (!ids.length) { return; }
    const answer = await fetch(`${box.dataset.url}?${ids.join('&')}`, {credentials: 'same-origin'});
    if (!answer.ok) { return; }
    const chosen = new Set([...places.selectedOptions].map((option) => option.value));
    const fresh = (await answer.json()).places.filter((place) => !chosen.has(String(place.id)));
    if (fresh.length) { box.append(box.dataset.label + ' '); }
    fresh.forEach((place) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = place.name;
      button.addEventListener('click', () => {
        places.append(new Option(place.name, place.id, true, true));
        $(places).trigger('change');
        button.remove();
      });
      box.append(button, ' ');
    });
  };

  document.addEventListener('DOMContentLoaded', () => {
    const script = document.getElementById('passage-labels');
    if (!script) { return; }
    const labels = JSON.parse(script.textContent);
    document.querySelectorAll('[data-part]:not([data-type="ckeditortype"])').forEach(
      (input) => addTools(input, labels));
    const language = document.querySelector('[data-right-to-left]');
    if (language) { language.addEventListener('change', () => speak(language)); }
    const box = document.getElementById('suggested-places');
    const events = document.getElementById('id_events');
    const places = document.getElementById('id_places');
    if (box && events && places) {
      places.closest('.form-row').append(box);
      $(events).on('change', () => suggestPlaces(events, places, box));
      suggestPlaces(events, places, box);
    }
  });
}
