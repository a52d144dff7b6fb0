export { type CertificateAuthority, createCertificateAuthority, type Identity } from './certificates.ts'
export { fetchTrusting, type TrustingFetch } from './fetch-trusting.ts'
