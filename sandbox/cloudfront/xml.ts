/** The few lines of XML that CloudFront's answers are made of. */

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

const isXmlCharacter = (character: string): boolean => "\t\n\r".includes(character) || character > "\u001F";

/** A text as XML may hold it. Characters that XML 1.0 cannot hold at all become U+FFFD. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, (found) => (isXmlCharacter(found) ? found : "\uFFFD"))
    .replaceAll(/[&<>"\r]/gu, (found) => entities[found] ?? found);

/** An element that holds a text, a number or a boolean. */
export const leaf = (name: string, value: string | number | boolean): string => `<${name}>${escaped(String(value))}</${name}>`;

/** An element that holds elements. */
export const branch = (name: string, ...children: readonly string[]): string => `<${name}>${children.join("")}</${name}>`;

/** How CloudFront writes lists: a count, and the items only where there are any. */
export const counted = (name: string, items: readonly string[]): string =>
  branch(name, leaf("Quantity", items.length), items.length === 0 ? "" : branch("Items", ...items));

/** A whole answer: a root element in CloudFront's namespace. */
export const documentOf = (root: string, ...children: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">${children.join("")}</${root}>`;
