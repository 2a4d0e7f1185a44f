/** Bundles the plugin into `directory`; returns the files that went in, relative to the root. */
export function bundlePlugin(directory: string): Promise<string[]>;
