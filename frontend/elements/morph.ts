/** What a newer copy of a part of the page leaves alone: what its visitor opened, and what our elements added. */
import htmx from "htmx.org";
import { Island } from "./island";

interface Morph {
  newNode?: Node;
  attrName?: string;
}

htmx.registerExtension("islands", {
  htmx_before_morph_node(old: Node, { newNode }: Morph): boolean {
    if (!(old instanceof Island && newNode instanceof Element)) return true;
    old.renew(newNode);
    return false;
  },
  htmx_before_morph_attr(element: Element, { attrName }: Morph): boolean {
    return !(attrName === "open" && element.matches("details, dialog"));
  },
});
