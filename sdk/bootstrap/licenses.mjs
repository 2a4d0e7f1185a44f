// The licences of what a bundle holds: they ask to go with every copy. Written beside the bundle,
// from the list of files that went into it. Refuses a package that says no licence.
import { readdir, readFile, writeFile } from "node:fs/promises";
import * as path from "node:path";

/** The folders of packages, of which files with these paths are. */
export function packageFolders(files) {
  const folders = files.flatMap((file) => {
    const match = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    return match ? [match[1]] : [];
  });
  return [...new Set(folders)].sort();
}

/** What a package says of its licence; older ones have a list of them. */
function licenceOf({ license, licenses }) {
  if (license) return license;
  const types = (licenses ?? []).map((one) => one.type ?? one).filter(Boolean);
  return types.length > 0 ? types.join(" or ") : undefined;
}

async function textOf(root, folder) {
  const place = path.join(root, folder);
  const manifest = JSON.parse(await readFile(path.join(place, "package.json"), "utf8"));
  const { name, version } = manifest;
  const license = licenceOf(manifest);
  if (!license) throw new Error(`${name} ${version}, which is bundled, says no licence`);
  const names = (await readdir(place)).filter((each) => /^(licen[cs]e|notice|copying)/i.test(each));
  const texts = await Promise.all(
    names.sort().map((each) => readFile(path.join(place, each), "utf8")),
  );
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

/** Writes LICENSES.txt into `directory`, for a bundle of these files (relative to `root`). */
export async function writeLicenses(directory, root, files) {
  const texts = await Promise.all(packageFolders(files).map((folder) => textOf(root, folder)));
  await writeFile(
    path.join(directory, "LICENSES.txt"),
    `${texts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`,
  );
}
