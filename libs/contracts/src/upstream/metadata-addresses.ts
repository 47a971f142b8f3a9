/**
 * Metadata services of the clouds, as IP literals: whoever reaches one can take the machine's own credentials. The control
 * plane refuses them in a provider's URL and gateways never dial them, whatever the operator allows.
 */
export const METADATA_ADDRESSES: readonly string[] = [
  '169.254.169.254', // AWS, Azure, Google Cloud and most others
  '169.254.170.2', // AWS ECS task roles
  '169.254.170.23', // AWS EKS pod identities
  '100.100.100.200', // Alibaba Cloud
  '168.63.129.16', // Azure's wire server
  'fd00:ec2::254', // AWS over IPv6
  'fd00:ec2::23', // AWS EKS pod identities over IPv6
  'fd20:ce::254', // Google Cloud over IPv6
];
