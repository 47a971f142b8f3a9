/** The organization that everything belongs to at first. */
export const DEFAULT_ORGANIZATION_ID = '00000000-0000-7000-8000-000000000001';

/** Name of the team that keys belong to when none is named. */
export const DEFAULT_TEAM_NAME = 'default';
