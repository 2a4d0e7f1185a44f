#!/bin/bash
# The button of the CI server: what runs on qa goes to prod, by the same digest.
set -euo pipefail
cd "$(dirname "$0")/.."
ref=$(npx dockwright pulumi config get --path 'dockwright:images["shop"]' --stack qa)
npx dockwright deploy --stack prod --image "shop=$ref" --policy-pack --yes
