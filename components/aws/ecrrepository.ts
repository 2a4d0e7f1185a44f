// A repository of ECR whose tags cannot be moved. Images are kept by number, and many: a release that
// names one by its digest has to find it.

import * as pulumi from "@pulumi/pulumi";
import { ecr } from "./sdk.ts";

/** Arguments of {@link EcrRepository}. */
export interface EcrRepositoryArgs {
  /**
   * Its name. Another one replaces it.
   * @defaultValue the resource's name
   */
  readonly repositoryName?: pulumi.Input<string>;
  /**
   * How many images are kept, the newest. A change updates in place.
   * @defaultValue 100
   */
  readonly keepImages?: number;
  /**
   * The key of KMS that it is encrypted with, as an ARN. A change replaces it.
   * @defaultValue AES-256 with a key of AWS
   */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether it is deleted with its images.
   * @defaultValue false: one with images is kept, and the destroy says so
   */
  readonly delete?: boolean;
  /**
   * Tags of all that is made.
   * @defaultValue none
   */
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Where an `ImagePush` can push to. */
export class EcrRepository extends pulumi.ComponentResource {
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`: what `to` of an ImagePush begins with. */
  readonly repositoryUrl: pulumi.Output<string>;
  /** Its ARN. */
  readonly arn: pulumi.Output<string>;
  /** What logs in there, for twelve hours: `auth` of an ImagePush. */
  readonly auth: pulumi.Output<{
    /** Who logs in: `AWS`. */
    readonly username: string;
    /** The token that stands for a password, secret. */
    readonly password: string;
  }>;

  constructor(name: string, args: EcrRepositoryArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:EcrRepository", name, {}, opts);
    const { repositoryName = name, keepImages = 100, kmsKeyArn } = args;
    if (!Number.isInteger(keepImages) || keepImages < 2) {
      const reason = `is ${keepImages}; write 2 or more: the release before needs its image`;
      throw new pulumi.InputPropertyError({ propertyPath: "keepImages", reason });
    }
    const encryption =
      kmsKeyArn === undefined
        ? { encryptionType: "AES256" }
        : { encryptionType: "KMS", kmsKey: kmsKeyArn };
    const repository = new ecr.Repository(
      `${name}-repository`,
      {
        name: repositoryName,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [encryption],
        forceDelete: args.delete === true,
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      { parent: this },
    );
    const selection = {
      tagStatus: "any",
      countType: "imageCountMoreThan",
      countNumber: keepImages,
    };
    const description = `keep the ${keepImages} newest images`;
    const rules = [{ rulePriority: 1, description, selection, action: { type: "expire" } }];
    new ecr.LifecyclePolicy(
      `${name}-retention`,
      { repository: repository.name, policy: JSON.stringify({ rules }) },
      { parent: this },
    );
    this.repositoryUrl = repository.repositoryUrl;
    this.arn = repository.arn;
    const { registryId } = repository;
    const token = ecr.getAuthorizationTokenOutput({ registryId }, { parent: this });
    this.auth = pulumi.secret(
      pulumi.all([token.userName, token.password]).apply(([username, password]) => ({
        username,
        password,
      })),
    );
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }
}
