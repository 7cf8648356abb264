/* The editor under a strict policy, and its two buttons for a selected passage.
 *
 * CKEditor 4 writes its handlers into attributes, which the policy blocks. The first part carries
 * out those that are the editor's own and nothing else: the whole attribute must be one call of a
 * function that the editor numbered, and it must stand in the editor's own furniture, never in
 * the text that is being edited. An injected onclick stays dead.
 *
 * Must be loaded after ckeditor.js, and before the page is ready.
 */
'use strict';
{
  const TYPES = [
    'click', 'mousedown', 'mouseup', 'keydown', 'keypress', 'keyup',
    'mouseover', 'mouseout', 'dragstart', 'change', 'focus', 'blur',
  ];
  const ARGUMENT = String.raw`(?:this|event|\d+|'[^'\\]*'|"[^"\\]*")`;
  const CALL = new RegExp(
    String.raw`^\s*(return\s+)?CKEDITOR\.tools\.callFunction\(\s*(\d+)\s*((?:,\s*${ARGUMENT}\s*)*)\)` +
    String.raw`\s*;?\s*(return\s+false\s*;?\s*)?$`);
  const REFUSAL = /^\s*return\s*\(?\s*false\s*\)?\s*;?\s*$/;
  const FURNITURE = '.cke, .cke_dialog, .cke_panel';
  const TEXT = '.cke_editable, .cke_wysiwyg_div, [contenteditable="true"]';

  const value = (word, element, event) => {
    if (word === 'this') { return element; }
    if (word === 'event') { return event; }
    return /^\d/.test(word) ? Number(word) : word.slice(1, -1);
  };

  const run = (code, element, event) => {
    if (REFUSAL.test(code)) {
      event.preventDefault();
      return;
    }
    const call = CALL.exec(code);
    if (!call) { return; }
    const words = call[3].match(new RegExp(ARGUMENT, 'g')) || [];
    const given = words.map((word) => value(word, element, event));
    const result = CKEDITOR.tools.callFunction(Number(call[2]), ...given);
    if (call[4] || (call[1] && result === false)) { event.preventDefault(); }
  };

  // Menus open in frames that the editor writes itself, which stand in its panels.
  const isFurniture = (element) => {
    const frame = element.ownerDocument.defaultView.frameElement;
    return (frame || element).closest(FURNITURE) && !element.closest(TEXT);
  };

  const handle = (event) => {
    const bubbles = event.type !== 'focus' && event.type !== 'blur';
    let element = event.target;
    while (element && element.nodeType === 1) {
      const code = element.getAttribute('on' + event.type);
      if (code && isFurniture(element)) { run(code, element, event); }
      element = bubbles ? element.parentNode : null;
    }
  };

  const listen = (page) => TYPES.forEach(
    (type) => page.addEventListener(type, handle, type === 'focus' || type === 'blur'));

  // Each writing begins the frame's document anew.
  const write = CKEDITOR.dom.document.prototype.write;
  CKEDITOR.dom.document.prototype.write = function(html) {
    write.call(this, html);
    listen(this.$);
  };
  listen(document);

  /* A selected passage becomes a quotation or a naming: passages.js makes the row. */
  CKEDITOR.plugins.add('passages', {
    init(editor) {
      const labels = editor.config.passages;
      // In a frame the editor gives its text the language; in the page itself it leaves that out.
      // Its own name would be a tooltip over the whole text: the field's label serves.
      editor.on('contentDom', () => {
        const names = [...editor.element.$.labels].map((label) => label.textContent.trim());
        editor.editable().setAttribute('aria-label', names.join(' '));
        editor.editable().setAttribute('lang', editor.config.contentsLanguage);
        editor.editable().setAttribute('dir', editor.config.contentsLangDirection);
      });
      const add = (name, act, label, keys) => {
        editor.addCommand(name, {
          readOnly: 1,
          canUndo: false,
          exec() {
            const selection = editor.getSelection();
            document.dispatchEvent(new CustomEvent('passage', {
              detail: {
                act,
                words: selection ? selection.getSelectedText() : '',
                part: editor.element.getAttribute('data-part'),
              },
            }));
          },
        });
        editor.setKeystroke(keys, name);
        editor.ui.addButton(act === 'quote' ? 'QuoteDemand' : 'NamePerson', {
          label, command: name, toolbar: 'passages',
        });
      };
      add('quoteDemand', 'quote', labels.quote, CKEDITOR.ALT + CKEDITOR.SHIFT + 68); // D
      add('namePerson', 'name', labels.name, CKEDITOR.ALT + CKEDITOR.SHIFT + 80); // P
    },
  });
}
