import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // DTOs are classes only because decorators need a place to stand: plain objects of their shape are as good.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // What outside text may hold is what several of our patterns are about.
      'no-control-regex': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    // Commands call their own gateway, and what they call is named by whoever has the shell.
    ignores: ['**/*.spec.ts', '**/testing/**', 'src/demo/**', 'src/command/**'],
    rules: {
      // Outgoing calls are guarded in one room: src/http/outgoing-http.module.ts.
      'no-restricted-globals': ['error', 'fetch'],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that has it.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    // The environment is validated once; PostgreSQL's programs are given ours.
    ignores: ['src/config/read-environment.ts', 'src/database/embedded-postgres/run-program.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Ask Environment.' }],
    },
  },
  {
    // Jest's matchers (`expect.any`) are typed `any`; what they are compared with is what the test states.
    files: ['test/**/*.ts', '**/*.spec.ts', '**/testing/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        module: 'writable',
        require: 'readonly',
      },
    },
  },
);
