/* Does the proof of work of a form in the background, while a person fills it in. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-proof]");
  const proof = form && form.elements.namedItem("proof");
  if (!proof || proof.value || !window.Worker) return;
  const worker = new Worker(form.dataset.proof);
  worker.addEventListener("message", (event) => {
    proof.value = event.data;
    worker.terminate();
  });
  worker.postMessage({ stamp: form.elements.namedItem("stamp").value, bits: Number(form.dataset.bits) });
})();
