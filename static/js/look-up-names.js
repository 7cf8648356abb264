/* Look-ups by autocomplete say whose they are: select2 leaves the field's name at the select that it
 * hides, and gives its own parts none. */
'use strict';
{
  const nameOf = (select) => select.getAttribute('aria-label') ||
    [...select.labels].map((label) => label.textContent.trim()).join(' ');

  const nameOne = (select) => {
    const name = nameOf(select);
    const choice = select.nextElementSibling.querySelector('.select2-selection');
    choice.setAttribute('aria-label', name);
    const search = choice.querySelector('.select2-search__field');
    if (search) {
      search.setAttribute('aria-label', name);
      return;
    }
    // The field's name, then what is chosen: that is words to read, and no box to type in.
    const chosen = choice.querySelector('.select2-selection__rendered');
    chosen.removeAttribute('role');
    chosen.removeAttribute('aria-readonly');
    choice.id = `${select.id}-look-up`;
    choice.setAttribute('aria-labelledby', `${choice.id} ${chosen.id}`);
  };
  const nameAll = () => document.querySelectorAll('select.select2-hidden-accessible').forEach(nameOne);

  // The cross that removes all choices at once would be no item of their list; each has its own.
  const withoutCross = (place) => place.querySelectorAll('select.admin-autocomplete[multiple]').forEach(
    (select) => { select.dataset.allowClear = 'false'; });

  withoutCross(document);
  // Look-ups are made by listeners that may run after these.
  document.addEventListener('DOMContentLoaded', () => setTimeout(nameAll));
  document.addEventListener('formset:added', () => setTimeout(nameAll));

  document.addEventListener('focusin', (event) => {
    const of = /^select2-(.+)-results$/.exec(event.target.getAttribute('aria-controls') || '');
    const select = of && document.getElementById(of[1]);
    if (select) {
      select.nextElementSibling.querySelector('.select2-selection').setAttribute('aria-controls', of[0]);
      event.target.setAttribute('aria-label', nameOf(select));
      document.getElementById(of[0]).setAttribute('aria-label', nameOf(select));
    }
  });
}
