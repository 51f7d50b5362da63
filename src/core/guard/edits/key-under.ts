/** Where a file lies below a folder, as keys are written. Paths are absolute and of POSIX systems; the file system is not asked. */

/** `a/b.html` for `/site/a/b.html` below `/site`; `undefined` where it lies elsewhere, "" for the folder itself. */
export function keyUnder(folder: string, path: string): string | undefined {
  const [inside, whole] = [partsOf(folder), partsOf(path)];
  if (whole.length < inside.length || inside.some((part, at) => part !== whole[at])) return undefined;
  return whole.slice(inside.length).join("/");
}

/** Without `.` and `..`, in Unicode normal form C, as keys are. */
function partsOf(path: string): readonly string[] {
  const parts: string[] = [];
  for (const part of path.normalize("NFC").split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}

/** `/site/a` for `/site/a/b.html`. */
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 1));

/** `b.html` for `/site/a/b.html`. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
