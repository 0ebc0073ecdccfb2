// netcidrmerge/cidr ipv6 with prefix, two different prefixes
import type { Entrypoints } from "./1010.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["2601:600:8a80:207e::/64"];
export {};
