// On every page: htmx, which swaps in parts of pages that the server renders.
import htmx from "htmx.org";

const AGAIN_MS = 3000;

interface Detail {
  elt: Element;
  target?: Element;
  xhr?: XMLHttpRequest;
  shouldSwap?: boolean;
}

const detailOf = (event: Event): Detail => (event as CustomEvent<Detail>).detail;

/** A submission that waits for its verdict asks again, whatever happened to the last question. */
function askAgain(element: Element): void {
  const path = element.getAttribute("hx-get");
  if (path === null || !element.classList.contains("waiting")) return;
  window.setTimeout(() => {
    if (element.isConnected) void htmx.ajax("get", path, { source: element, target: element, swap: "outerHTML" });
  }, AGAIN_MS);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = detailOf(event);
  const status = detail.xhr?.status ?? 0;
  if (status < 400) return;
  // Failures are shown where the answer would have stood, if the server words them as a part of a page.
  const isPart = (detail.xhr?.getResponseHeader("content-type") ?? "").startsWith("text/html");
  detail.shouldSwap = isPart;
  if (status >= 500 && detail.elt.classList.contains("waiting")) {
    detail.shouldSwap = false;
    askAgain(detail.elt);
  }
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => askAgain(detailOf(event).elt));
}

/** What scrolls to the side can be reached by keyboard; what does not is no stop on the way. */
function markScrollable(): void {
  for (const place of document.querySelectorAll<HTMLElement>(".wide")) {
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  }
}

window.addEventListener("resize", markScrollable);
document.addEventListener("htmx:load", markScrollable);
