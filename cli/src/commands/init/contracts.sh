#!/bin/sh
# The steps of a pipeline that keep contracts. Written by `treaty init`; correct what it says about your build.
# Version, branch and build URL are found in the variables of the build machine, or in git.
set -eu
pacticipant={pacticipant}
version=$(git rev-parse HEAD)

# A consumer: its tests write the pacts, and the broker gets them.
# cargo test
treaty lint pacts
treaty publish pacts --auto-detect-version-properties

# A provider: the broker's pacts are replayed against the running service.
# treaty verify --provider-name "$pacticipant" --provider-version "$version" \
#   --provider-base-url http://127.0.0.1:8080 --state-change-url http://127.0.0.1:8080/_pact/provider_states --publish

# Both: nothing is deployed that does not go together with what is there.
treaty can-i-deploy --pacticipant "$pacticipant" --version "$version" --to-environment production
# ... deploy ...
treaty record-deployment --pacticipant "$pacticipant" --version "$version" --environment production
