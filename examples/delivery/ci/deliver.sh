#!/bin/bash
# The CI server's job: deliver.sh FOLDER VERSION builds the application in FOLDER, tests the image, pushes
# it, and deploys it to qa by its digest. Its exit code is that of the step that ended it.
set -euo pipefail
source=$1 version=$2
cd "$(dirname "$0")/.."

# What this job needs of the stack with the registry: address, base image, password.
tools=$(npx dockwright pulumi stack output --json --show-secrets --stack tools)
output() { node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1" <<<"$tools"; }
registry=$(output .registry)
image=$registry/shop:$version

# What `docker login` writes is this job's alone, and gone with it.
DOCKER_CONFIG=$(mktemp -d)
export DOCKER_CONFIG
trap 'rm -rf "$DOCKER_CONFIG"' EXIT
output .passwords.ci | docker login --username ci --password-stdin "$registry" >/dev/null 2>&1

echo "== build $image"
docker build --quiet --build-arg BASE="$(output .base)" --tag "$image" "$source"
echo "== test"
docker run --rm --network none --volume "$(realpath "$source")/test.sh:/test.sh:ro" --entrypoint sh "$image" /test.sh
echo "== push"
docker push --quiet "$image"
ref=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$image" | grep "^$registry/shop@" | head -1)
docker rmi --no-prune "$image" >/dev/null
echo "== deploy $ref to qa"
npx dockwright deploy --stack qa --image "shop=$ref" --policy-pack --yes
