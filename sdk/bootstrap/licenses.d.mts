export function packageFolders(files: readonly string[]): readonly string[];
export function writeLicenses(
  directory: string,
  root: string,
  files: readonly string[],
): Promise<void>;
