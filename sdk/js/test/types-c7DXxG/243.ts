// cryptox509parsecertificates/PEM, chain, string
import type { Entrypoints } from "./243.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["openpolicyagent.org","Let's Encrypt Authority X3","DST Root CA X3"];
export {};
