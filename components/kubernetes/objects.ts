// Objects that are named by what is in them: another content is another object, which stands beside the
// old one until no pod mounts that. A rotated secret or a changed file so is a rollout, and a revert is
// one too.

import { scryptSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { core } from "./sdk.ts";

/** A name by content, of the form that objects have. By scrypt, since a name can be read by anybody. */
export function contentName(name: string, content: { readonly [key: string]: string }): string {
  const sorted = Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = scryptSync(JSON.stringify(sorted), name, 5).toString("hex");
  return `${name.slice(0, 52)}-${hash}`;
}

interface Asked {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: { readonly [name: string]: string };
  /** Texts by key. */
  readonly content: pulumi.Input<{ readonly [key: string]: pulumi.Input<string> }>;
  /** Whether the values are base64. */
  readonly base64?: boolean;
}

const asContent = (content: Asked["content"]) =>
  pulumi.output(content) as unknown as pulumi.Output<{ readonly [key: string]: string }>;

/** A Secret of that content; its name is no secret. */
export function makeSecret(
  resource: string,
  { name, namespace, labels, content, base64 = false }: Asked,
  own: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const values = pulumi.secret(asContent(content));
  const named = pulumi.unsecret(values.apply((all) => contentName(name, all)));
  const data = base64 ? { data: values } : { stringData: values };
  const made = new core.Secret(
    resource,
    { metadata: { name: named, namespace, labels }, immutable: true, type: "Opaque", ...data },
    own,
  );
  return made.metadata.name;
}
