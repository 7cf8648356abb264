/* Whoever adds a row goes on in it, and whoever removes one is not left nowhere: by keyboard the way
 * from "Add another" back to the row would be long. */
'use strict';
{
  const FIELDS = 'input:not([type="hidden"]), select, textarea';

  document.addEventListener('formset:added', ({target}) => setTimeout(() => {
    if (target.contains(document.activeElement)) { return; }
    const first = target.querySelector(FIELDS);
    const isLookUp = first.classList.contains('select2-hidden-accessible');
    (isLookUp ? first.nextElementSibling.querySelector('.select2-selection') : first).focus();
  }));
  document.addEventListener('formset:removed', ({detail}) => {
    document.querySelector(`#${detail.formsetName}-group .add-row a`).focus();
  });
}
