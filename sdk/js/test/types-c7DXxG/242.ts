// cryptox509parsecertificates/PEM, chain, b64
import type { Entrypoints } from "./242.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["openpolicyagent.org","Let's Encrypt Authority X3","DST Root CA X3"];
export {};
