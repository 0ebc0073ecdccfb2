// cryptox509parsecertificates/PEM, single cert, b64
import type { Entrypoints } from "./241.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["openpolicyagent.org"];
export {};
