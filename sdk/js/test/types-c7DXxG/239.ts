// cryptox509parsecertificates/DER, single cert, b64
import type { Entrypoints } from "./239.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["mail.google.com"];
export {};
