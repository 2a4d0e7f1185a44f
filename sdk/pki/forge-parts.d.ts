// Types of the parts of node-forge that are imported by themselves.
declare module "node-forge/lib/forge.js" {
  import type Forge from "node-forge";

  const forge: typeof Forge;
  export = forge;
}
declare module "node-forge/lib/sha256.js";
declare module "node-forge/lib/x509.js";
