// On every page: htmx, which swaps in parts of pages that the server renders.
import "htmx.org";
