import { ActionIcon, Badge, Box, Code, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconChevronRight, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { MoveButtons } from './move-buttons.tsx';
import classes from './policy-card.module.css';
import type { PolicyDraft } from './policy-draft.ts';
import { PolicyFields, type PolicyFieldsProps } from './policy-fields.tsx';
import { paramsInWords } from './params-in-words.ts';

interface PolicyCardProps extends PolicyFieldsProps {
  /** 0 first. */
  readonly position: number;
  readonly count: number;
  /** Whether it starts unfolded: it was just added. */
  readonly fresh: boolean;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One attached policy: a line, and its fields where it is unfolded or something is wrong in it. */
export function PolicyCard(props: PolicyCardProps) {
  const { policy, description, position, count, error, fresh, onMove, onRemove } = props;
  const [unfolded, setUnfolded] = useState(fresh);
  const id = useId();
  const wrong = error !== undefined;
  const opened = unfolded || wrong;
  const title = description?.title ?? policy.name;
  const name = `${title.toLowerCase()}, number ${position + 1}`;
  return (
    <Paper role="group" aria-label={`Policy ${position + 1}: ${title}`}>
      <Group wrap="nowrap" gap={4} p="xs" pl={4}>
        <UnstyledButton
          className={classes.head}
          autoFocus={fresh}
          aria-expanded={opened}
          aria-controls={id}
          onClick={() => setUnfolded(!opened)}
        >
          <IconChevronRight size={17} aria-hidden className={classes.chevron} data-opened={opened || undefined} />
          <Text span fz="sm" c="dimmed" className="tabular">
            {position + 1}
          </Text>
          <Box style={{ minWidth: 0 }}>
            <PolicyTitle policy={policy} title={title} wrong={wrong} known={description !== undefined} />
            {!opened && (
              <Text fz="xs" c="dimmed" truncate>
                {paramsInWords(policy)}
              </Text>
            )}
          </Box>
        </UnstyledButton>
        {count > 1 && <MoveButtons of={name} position={position} count={count} onMove={onMove} />}
        <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Remove ${name}`}>
          <IconTrash size={17} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Group>
      <Box id={id} hidden={!opened}>
        {opened && (
          <Stack className={classes.body} gap="md">
            <PolicyFields {...props} />
          </Stack>
        )}
      </Box>
    </Paper>
  );
}

interface PolicyTitleProps {
  readonly policy: PolicyDraft;
  readonly title: string;
  readonly wrong: boolean;
  readonly known: boolean;
}

function PolicyTitle({ policy, title, wrong, known }: PolicyTitleProps) {
  return (
    <Group gap={8}>
      <Text span fz="sm" fw={550}>
        {title}
      </Text>
      {title !== policy.name && <Code>{policy.name}</Code>}
      {policy.executionCondition && <Badge variant="default">conditional</Badge>}
      {isMonitoring(policy.params) && <Badge variant="default">monitor</Badge>}
      {!known && (
        <Badge color="yellow" variant="light">
          unknown
        </Badge>
      )}
      {wrong && (
        <Badge color="red" variant="light" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
          needs a change
        </Badge>
      )}
    </Group>
  );
}

function isMonitoring(params: unknown): boolean {
  return typeof params === 'object' && params !== null && 'mode' in params && params.mode === 'monitor';
}
