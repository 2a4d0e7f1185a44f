// node-forge, as much of it as certificates take, loaded when the first one is issued: it has no part
// in the start of the plugin, and its TLS, HTTP and SSH are not in the bundle.
import type Forge from "node-forge";

export type { pki } from "node-forge";

export async function loadForge(): Promise<typeof Forge> {
  const { default: forge } = await import("node-forge/lib/forge.js");
  // Each of them adds itself to that object.
  await import("node-forge/lib/sha256.js");
  await import("node-forge/lib/x509.js");
  return forge;
}
