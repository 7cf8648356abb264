/* What is pasted from elsewhere keeps its words and its structure, and loses what word processors
 * add: runs of spans, empty paragraphs, the language of their spelling checker, links to their own
 * footnotes. What is copied within the editors is left as it is.
 *
 * Must be loaded after ckeditor.js.
 */
'use strict';
{
  const HEADINGS = 'h1, h2, h3, h4, h5, h6';
  const BLOCKS = `p, ul, ol, table, blockquote, pre, ${HEADINGS}`;
  const unwrap = (element) => element.replaceWith(...element.childNodes);
  const parsed = (html) => new DOMParser().parseFromString(html, 'text/html').body;

  /* The page has one title; what is pasted starts a level below it, and has three. */
  const lowerHeadings = (body) => {
    const lower = body.querySelector('h1') ? 1 : 0;
    body.querySelectorAll(HEADINGS).forEach((heading) => {
      const level = Math.min(Number(heading.tagName[1]) + lower, 4);
      const other = document.createElement(`h${level}`);
      other.append(...heading.childNodes);
      heading.replaceWith(other);
    });
  };

  /* Google's documents send their readers' clicks through Google. */
  const straighten = (link) => {
    const url = new URL(link.href);
    if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === '/url') {
      link.setAttribute('href', url.searchParams.get('q') || url.href);
    }
  };

  const strip = (body, direction) => {
    body.querySelectorAll('[lang]').forEach((one) => one.removeAttribute('lang'));
    body.querySelectorAll(`[dir="${direction}" i]`).forEach((one) => one.removeAttribute('dir'));
    body.querySelectorAll('a:not([href]), a[href^="#"], a[href^="file:"]').forEach(unwrap);
    body.querySelectorAll('a[href^="http"]').forEach(straighten);
    body.querySelectorAll('span:not([dir])').forEach(unwrap);
    body.querySelectorAll(`p, ${HEADINGS}`).forEach((one) => {
      if (!one.textContent.trim()) { one.remove(); }
    });
    if (body.querySelector(BLOCKS)) {
      body.querySelectorAll(':scope > br').forEach((one) => one.remove());
    }
  };

  const filtered = (editor, html) => {
    const fragment = CKEDITOR.htmlParser.fragment.fromHtml(html);
    const writer = new CKEDITOR.htmlParser.basicWriter();
    editor.filter.applyTo(fragment, true);
    fragment.writeHtml(writer);
    return writer.getHtml();
  };

  const isForeign = (event) =>
    event.data.dataTransfer.getTransferType(event.editor) === CKEDITOR.DATA_TRANSFER_EXTERNAL;

  CKEDITOR.plugins.add('tidypaste', {
    init(editor) {
      // After the readers of the word processors' markup, and before it is put in.
      editor.on('paste', (event) => {
        const {data} = event;
        if (data.type === 'text' || !isForeign(event)) { return; }
        if (/<img\b/i.test(data.dataValue)) {
          document.dispatchEvent(new CustomEvent('say', {detail: editor.config.passages.pictures}));
        }
        const body = parsed(data.dataValue);
        lowerHeadings(body);
        const tidied = parsed(filtered(editor, body.innerHTML));
        strip(tidied, editor.editable().getDirection(true));
        data.dataValue = tidied.innerHTML;
      }, null, null, 8);
    },
  });
}
