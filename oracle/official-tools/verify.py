"""Verifies a provider with pact-python, from a broker, and publishes the result there: the pacts of the main branches, of
what is in an environment, and of branches that nobody has verified yet; a failure counts once a pact has been kept.

    python verify.py BROKER_URL PROVIDER_URL PROVIDER_VERSION

Exits 0 if pact-python says that the provider honours its pacts, 1 if it says that it does not.
"""

import sys

from pact import Verifier

broker, provider, version = sys.argv[1:]
verifier = (
    Verifier("UserService", host="127.0.0.1")
    .add_transport(url=provider)
    .state_handler(f"{provider}/_pact/provider_states", body=True, teardown=False)
    .broker_source(broker, selector=True)
    .consumer_version(main_branch=True)
    .consumer_version(deployed_or_released=True)
    .include_pending()
    .include_wip_since("2020-01-01")
    .provider_branch("main")
    .build()
    .set_publish_options(version=version, branch="main")
)
try:
    verifier.verify()
except RuntimeError as refusal:
    print(f"pact-python: {refusal}")
    sys.exit(1)
print("pact-python: verified")
