// The policy packs of a deploy, as arguments of pulumi.
import { existsSync } from "node:fs";
import * as path from "node:path";
import { packageRoot } from "../../engine/package.ts";
import { ErrorCode, SdkError } from "../../errors.ts";

export interface PackOptions {
  /** Folders of packs; true is the one of this package. */
  readonly policyPack?: true | readonly (string | true)[];
  /** The file with levels and options of rules. */
  readonly policyPackConfig?: string;
}

const own = (): string => path.join(packageRoot(), "dist", "policy-pack");

export function packArguments({ policyPack, policyPackConfig }: PackOptions): readonly string[] {
  const given = policyPack === true ? [true as const] : (policyPack ?? []);
  const folders = given.map((one) => (one === true ? own() : path.resolve(one)));
  const missing = folders.find((folder) => !existsSync(path.join(folder, "PulumiPolicy.yaml")));
  if (missing !== undefined) {
    throw new SdkError(
      ErrorCode.BadInput,
      `${missing} is no policy pack: it has no PulumiPolicy.yaml`,
    );
  }
  if (policyPackConfig !== undefined && folders.length === 0) {
    throw new SdkError(ErrorCode.BadInput, "--policy-pack-config is given without a pack", {
      fix: "give --policy-pack as well",
    });
  }
  return [
    ...folders.flatMap((folder) => ["--policy-pack", folder]),
    ...(policyPackConfig === undefined
      ? []
      : ["--policy-pack-config", path.resolve(policyPackConfig)]),
  ];
}
