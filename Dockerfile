# The bundles in dist/ are plain JavaScript, so whichever machine builds them, they run on every architecture.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json build.mjs ./
COPY shared shared
COPY cli cli
COPY controller controller
RUN npm run build

FROM node:24-slim
# glibc would give each of V8's threads memory of its own to allocate from, and return little of it: up to 20 MiB.
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /app
COPY LICENSE ./
COPY --from=build /src/dist dist
RUN ln -s /app/dist/waxwing-controller.js /usr/local/bin/waxwing-controller \
  && ln -s /app/dist/waxwing.js /usr/local/bin/waxwing
# By number: the kubelet can check runAsNonRoot only then.
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["waxwing-controller"]
