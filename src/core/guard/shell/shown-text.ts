/** Text that a shell substitutes in when it shows it: prompts, and what stands before a traced command. */

import type { Word } from "../word.ts";

/** Whether a command stands in it. */
export const runsWhenShown = (text: Word): boolean => /\$\(|`/u.test(text);

/** A command that runs just that: in a here-document quotation marks mean nothing. */
export const shownText = (text: Word): Word => `: <<BELAY_SHOWN_TEXT\n${text}\nBELAY_SHOWN_TEXT\n`;

/** Whether a command stands in the subscript of a name: `a[$(x)]`. Where a name or a number is asked for, it is expanded once more. */
export const runsAsName = (text: Word): boolean => /^[A-Za-z_]\w*\[[^=]*(?:\$\(|`)/u.test(text);
