// cryptox509parsecertificates/DER, chain, b64
import type { Entrypoints } from "./240.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["mail.google.com","Thawte SGC CA"];
export {};
