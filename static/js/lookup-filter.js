'use strict';
// A choice in a filter by look-up takes effect at once; its button is for those without script.
{
    const $ = django.jQuery;

    $(document).on('select2:select select2:clear', '.lookup-filter select', (event) => {
        event.target.form.submit();
    });
    $(() => $('.lookup-filter button').prop('hidden', true));
}
