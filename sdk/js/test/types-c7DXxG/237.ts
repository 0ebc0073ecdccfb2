// cryptox509parsecertificaterequest/DER, b64
import type { Entrypoints } from "./237.policy.js";
const answer: Entrypoints["generated/p"]["result"] = "example.com";
export {};
