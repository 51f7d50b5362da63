import { DOMParser, onErrorStopParsing, type Element } from "@xmldom/xmldom";

/** An element that was read: its children by name, each as often as it stood there, and the text directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
}

const parser = new DOMParser({ onError: onErrorStopParsing });

/** The root element of a document, names without their prefix; `undefined` for what is no well-formed XML. */
export function readXml(text: string): XmlElement | undefined {
  try {
    const root = parser.parseFromString(text, "text/xml").documentElement;
    return root ? elementOf(root) : undefined;
  } catch {
    return undefined;
  }
}

function elementOf(element: Element): XmlElement {
  const children = new Map<string, XmlElement[]>();
  let text = "";
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (isElement(node)) {
      const child = elementOf(node);
      const sameName = children.get(child.name);
      if (sameName) sameName.push(child);
      else children.set(child.name, [child]);
    } else text += node.nodeValue ?? "";
  }
  return { name: element.localName ?? element.tagName, text, children };
}

const isElement = (node: { readonly nodeType: number }): node is Element => node.nodeType === 1;

/** The text of the first child of that name. */
export const childText = (element: XmlElement, name: string): string | undefined => element.children.get(name)?.[0]?.text;
