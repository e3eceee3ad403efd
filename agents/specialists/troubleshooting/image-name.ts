/** OCI reference grammar (distribution spec, "Pulling manifests"): optional host, lower-case path, optional tag and digest. */
const VALID =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

/** The valid name that differs from a malformed one only in what no name can have; undefined where it does not follow. */
export function plainImageName(image: string): string | undefined {
  const bare = image
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replaceAll(/\s+/g, '')
    .replaceAll(/:{2,}/g, ':')
    .replaceAll(/\/{2,}/g, '/')
    .replace(/[:/]+$/, '');
  const [path = '', ...digest] = bare.split('@');
  const slash = path.lastIndexOf('/');
  const colon = path.indexOf(':', slash + 1);
  const name = colon < 0 ? path : path.slice(0, colon);
  const tag = colon < 0 ? '' : path.slice(colon);
  const candidate = [name.toLowerCase() + tag, ...digest].join('@');
  return candidate !== image && VALID.test(candidate) ? candidate : undefined;
}
