/* What the forms of statements and texts do by themselves: the way to what is to be corrected,
 * suggested places, and the direction of the text's language. Everything can be done without it. */
'use strict';
{
  const $ = django.jQuery;

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
    const asked = [...events.selectedOptions].map((option) => `event=${option.value}`).join('&');
    box.textContent = '';
    box.dataset.asked = asked;
    if (!asked) { return; }
    const answer = await fetch(`${box.dataset.url}?${asked}`, {credentials: 'same-origin'});
    const suggested = answer.ok ? (await answer.json()).places : [];
    // Another question, or the same once more, may have been answered first.
    if (box.dataset.asked !== asked || box.textContent) { return; }
    const chosen = new Set([...places.selectedOptions].map((option) => option.value));
    const fresh = suggested.filter((place) => !chosen.has(String(place.id)));
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
    // A refused form begins with what is to be corrected, or with what somebody else saved; the
    // admin would go to its first field.
    const first = document.querySelector('.to-mend a, .conflict h2, .errornote');
    if (first) {
      if (!first.href) { first.tabIndex = -1; }
      setTimeout(() => first.focus());
    }
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
