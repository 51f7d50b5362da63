/** Files that every later shell begins with, and what in them would stand in belay's place. */

import type { Word } from "../word.ts";

const ofSystem = /^\/etc\/(?:profile|bashrc|bash\.bashrc|environment|zshenv|zshrc|profile\.d\/.+|zsh\/.+)$/;
const ofPerson = /^\/\.(?:bashrc|bash_profile|bash_login|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|config\/fish\/.+\.fish)$/;

const isStartUp = (path: Word, home: string): boolean =>
  ofSystem.test(path) || (path.startsWith(`${home}/`) && ofPerson.test(path.slice(home.length)));

/** An alias or a function of that name. */
const definition = /(?:^|[;&|({])[ \t]*(?:alias[ \t][^\n;#]*?\bbelay=|function[ \t]+belay\b|belay[ \t]*\([ \t]*\)|alias[ \t]+belay[ \t])/m;

/** Whether `text`, which is put into the file, gives the name `belay` to something else. */
export const redefinesBelay = (path: Word, text: Word, home: string): boolean => isStartUp(path, home) && definition.test(text);
