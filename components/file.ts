// A file of a host. What was at its path before comes back when the resource goes.

import * as pulumi from "@pulumi/pulumi";
import { FileResource, type FileResourceArgs } from "../sdk/resources/file.ts";
import { type HostLike, onHost } from "./hostlike.ts";

export interface FileArgs extends FileResourceArgs {
  /** The host it is on. A change replaces it. */
  readonly host: HostLike;
  /**
   * Whether content and values are secrets, whatever they are made of.
   * @defaultValue false: those that are made of secrets are
   */
  readonly secret?: boolean;
}

/** Arguments of the resource, secret ones as such. */
export function fileArgs(args: Omit<FileArgs, "host">): FileResourceArgs {
  const { secret = false, ...rest } = args;
  if (!secret) return rest;
  const { content, contentBase64, values } = rest;
  return {
    ...rest,
    ...(content === undefined ? {} : { content: pulumi.secret(content) }),
    ...(contentBase64 === undefined ? {} : { contentBase64: pulumi.secret(contentBase64) }),
    ...(values === undefined ? {} : { values: pulumi.secret(values) }),
  };
}

/** A file of a host: its bytes, mode and owners. */
export class File extends FileResource {
  constructor(name: string, args: FileArgs, opts?: pulumi.CustomResourceOptions) {
    const { host, ...rest } = args;
    super(name, fileArgs(rest), onHost(host, opts));
  }
}
