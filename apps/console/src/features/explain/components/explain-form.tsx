import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, SimpleGrid, Stack, Textarea } from '@mantine/core';
import type { ExplainRequest } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useController, useForm, type Control } from 'react-hook-form';
import { SelectField, SuggestField } from '../../../components/fields/select-field.tsx';
import { TextField } from '../../../components/fields/text-field.tsx';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { proxiesQuery } from '../../proxies/api/proxies.ts';
import { virtualKeysQuery } from '../../virtual-keys/api/virtual-keys.ts';
import { explainSchema, NEW_QUESTION, type ExplainDraft } from './explain-draft.ts';

const ALL = { limit: 500, sort: 'name' } as const;
const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

interface ExplainFormProps {
  /** What the form starts with. */
  readonly path: string;
  readonly onAsk: (request: ExplainRequest) => Promise<unknown>;
}

/** A request as a caller would send it. */
export function ExplainForm({ path, onAsk }: ExplainFormProps) {
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<ExplainDraft, unknown, ExplainRequest>({
    defaultValues: { ...NEW_QUESTION, path },
    resolver: zodResolver(explainSchema),
  });
  const { control } = form;
  const ask = form.handleSubmit(async (request) => {
    setRefusal([]);
    try {
      await onAsk(request);
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });
  return (
    <form onSubmit={(event) => void ask(event)} noValidate>
      <FormSection
        title="Request"
        description="As a caller would send it. It is sent nowhere, and takes nothing from limits."
      >
        <FormRefusal messages={refusal} />
        <QuestionFields control={control} />
        <LinesField control={control} name="headers" label="Headers" placeholder="x-provider: openai" />
        <LinesField
          control={control}
          name="body"
          label="Body"
          placeholder={'{ "messages": [] }'}
          description="JSON. Empty: a short one that fits the path."
        />
        <Group justify="flex-end">
          <Button type="submit" loading={form.formState.isSubmitting}>
            Explain
          </Button>
        </Group>
      </FormSection>
    </form>
  );
}

interface QuestionFieldsProps {
  readonly control: Control<ExplainDraft, unknown, ExplainRequest>;
}

function QuestionFields({ control }: QuestionFieldsProps) {
  const proxies = useQuery(proxiesQuery(ALL)).data?.items ?? [];
  const keys = useQuery(virtualKeysQuery(ALL)).data?.items ?? [];
  const paths = proxies.map(({ spec }) => `${spec.context === '/' ? '' : spec.context}/v1/chat/completions`);
  const models = [...new Set(proxies.flatMap(({ spec }) => spec.models.map(({ name }) => name)))];
  return (
    <>
      <SuggestField
        control={control}
        name="path"
        label="Path"
        description="As at the gateway, with the proxy’s context."
        data={[...new Set(paths)]}
        required
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <SuggestField control={control} name="model" label="Model" data={models} placeholder="that of the body" />
        <SuggestField
          control={control}
          name="virtualKey"
          label="Virtual key"
          data={keys.map(({ metadata }) => metadata.name)}
          placeholder="one that may use everything"
        />
        <SelectField control={control} name="method" label="Method" data={METHODS} />
        <TextField control={control} name="address" label="Address of the caller" placeholder="such as 10.0.0.7" code />
      </SimpleGrid>
    </>
  );
}

interface LinesFieldProps extends QuestionFieldsProps {
  readonly name: 'headers' | 'body';
  readonly label: string;
  readonly placeholder: string;
  readonly description?: string;
}

function LinesField({ control, name, label, placeholder, description = 'One on each line.' }: LinesFieldProps) {
  const { field, fieldState } = useController({ control, name });
  return (
    <Stack gap={0}>
      <Textarea
        {...field}
        label={label}
        description={description}
        placeholder={placeholder}
        autosize
        minRows={2}
        maxRows={12}
        spellCheck={false}
        error={fieldState.error?.message}
      />
    </Stack>
  );
}
