/** A Lease of `coordination.k8s.io/v1`: who leads, and until when without a sign of life. */
export interface Lease {
  readonly namespace: string;
  readonly name: string;
  /** Empty where it is not yet stored. */
  readonly resourceVersion: string;
  /** Empty where nobody leads. */
  readonly holder: string;
  readonly durationSeconds: number;
  readonly acquiredAt: Date;
  readonly renewedAt: Date;
  /** How often the holder has changed. */
  readonly transitions: number;
}
