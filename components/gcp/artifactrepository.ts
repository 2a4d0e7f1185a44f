// A repository of Artifact Registry for images, whose tags cannot be moved.

import * as pulumi from "@pulumi/pulumi";
import { artifactregistry } from "./sdk.ts";

/** Arguments of {@link ArtifactRepository}. */
export interface ArtifactRepositoryArgs {
  /** The region. A change replaces the repository. */
  readonly location: pulumi.Input<string>;
  /** The project. A change replaces it. */
  readonly project: pulumi.Input<string>;
  /**
   * How many versions of each image are kept. A change updates in place.
   * @defaultValue 100
   */
  readonly keepImages?: number;
  /**
   * Labels. A change updates in place.
   * @defaultValue none
   */
  readonly labels?: { readonly [name: string]: pulumi.Input<string> };
}

/** Where an `ImagePush` can push to. */
export class ArtifactRepository extends pulumi.ComponentResource {
  /** `REGION-docker.pkg.dev/PROJECT/NAME`: what `to` of an ImagePush begins with. */
  readonly repositoryUrl: pulumi.Output<string>;

  constructor(name: string, args: ArtifactRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:index:ArtifactRepository", name, {}, opts);
    const { location, project, keepImages = 100, labels } = args;
    const repository = new artifactregistry.Repository(
      `${name}-repository`,
      {
        location,
        project,
        repositoryId: name,
        format: "DOCKER",
        dockerConfig: { immutableTags: true },
        cleanupPolicies: [
          { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: keepImages } },
          {
            id: "delete-old",
            action: "DELETE",
            condition: { olderThan: "7776000s", tagState: "ANY" },
          },
        ],
        ...(labels === undefined ? {} : { labels }),
      },
      { parent: this },
    );
    this.repositoryUrl = pulumi.interpolate`${repository.location}-docker.pkg.dev/${repository.project}/${repository.repositoryId}`;
    this.registerOutputs({ repositoryUrl: this.repositoryUrl });
  }
}
