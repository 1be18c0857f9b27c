# The command `treaty` alone in an image: a static binary and the certificates that it trusts.
#   docker build --tag treaty .
#   docker run --rm --publish 9292:9292 --volume broker:/data \
#     --env TREATY_BASIC_AUTH_USERNAME=ci --env TREATY_BASIC_AUTH_PASSWORD=secret \
#     treaty broker serve --host 0.0.0.0 --database-url sqlite:/data/broker.sqlite
# The broker asks for the user and the password; the process in the container is nobody, and may write below /data alone.
FROM rust:1.95-alpine AS build
# Alpine's own target is musl, and its binaries are static; the C compiler is for SQLite, Oniguruma and ring.
# hadolint ignore=DL3018 - Alpine keeps no old versions, so a pinned one is soon gone.
RUN apk add --no-cache build-base ca-certificates
WORKDIR /src
COPY . .
# The version of the toolchain is that of the image.
RUN rm -f rust-toolchain.toml \
    && cargo build --release --locked --package treaty-cli \
    && strip target/release/treaty \
    && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build --chown=65534:65534 /data /data
COPY --from=build /src/target/release/treaty /treaty
USER 65534:65534
WORKDIR /data
EXPOSE 9292
ENTRYPOINT ["/treaty"]
