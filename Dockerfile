# Pool Boy's image: the build, what the programs need to run, the smoke tests, and the image itself.
# `make image` builds and tests it, also where there is no Docker.

FROM node:26-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY toolchain/package.json toolchain/
RUN npm ci --loglevel=error
COPY . .
RUN npm run build

# Debian strips its programs, Node's own builds are not: a fifth of the file is symbols for debuggers.
FROM node:26-trixie-slim AS node
RUN apt-get -qq update \
 && apt-get -qq install --no-install-recommends binutils \
 && strip --output-file=/node /usr/local/bin/node

FROM debian:trixie-slim AS runtime
# libatomic1 is for Node.
# Perl is only for commands of git that nothing here calls, and a sixth of the image. Debian's records say that it is
# gone. An image made from this one gets it back by `apt-get install --fix-broken`, which comes before other packages.
RUN apt-get -qq update \
 && apt-get -qq install --no-install-recommends ca-certificates git libatomic1 openssh-client \
 && dpkg --purge --force-depends git-man $(dpkg-query --show --showformat '${Package}\n' \
      perl 'perl-modules-*' 'libperl5*' 'libgdbm*' liberror-perl) \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/*.log \
      /usr/share/doc/git/contrib /usr/share/doc/git/RelNotes
COPY --from=node /node /usr/local/bin/node
COPY --from=build /usr/local/LICENSE /usr/local/share/doc/node/LICENSE
COPY LICENSE /usr/local/share/doc/pool-boy/LICENSE
COPY --from=build /build/dist /opt/resource
# The program knows the names of the original tool, by which pipelines call it.
RUN for name in pool-boy pool_boy.sh pool_boy.py; do ln -s /opt/resource/pool-boy /usr/local/bin/$name; done
# What Node compiles is kept beside the programs. Certificates that a worker mounts count for HTTPS as they do for git.
ENV NODE_COMPILE_CACHE=/opt/compile-cache NODE_USE_SYSTEM_CA=1

# A broken image cannot be built: the last stage takes the cache that these tests fill.
FROM runtime AS smoke
COPY scripts/image/inside /smoke
RUN node /smoke/smoke.ts

FROM runtime
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="pool-boy" \
      org.opencontainers.image.description="A Concourse resource type that gives back the pool locks whose holder is gone." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
COPY --from=smoke /opt/compile-cache /opt/compile-cache
