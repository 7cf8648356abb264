/* While a form is open, it says so, and shows who else has it open. */
'use strict';
{
  const EVERY = 30 * 1000;

  const ask = async (line, token) => {
    try {
      const answer = await fetch(line.dataset.url, {
        method: 'POST', headers: {'X-CSRFToken': token}, redirect: 'error',
      });
      const {words} = await answer.json();
      if (line.textContent !== words) {
        line.textContent = words;
      }
    } catch {
      // Offline, or signed out: who was there may be gone.
      line.textContent = '';
    }
  };

  document.addEventListener('DOMContentLoaded', () => {
    const line = document.getElementById('who-else');
    if (!line) {
      return;
    }
    const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
    ask(line, token);
    setInterval(() => ask(line, token), EVERY);
  });
}
